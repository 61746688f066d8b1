import type { FormMark, SubjectView } from "../../ipc/messages";

/** The forms of one event, as the left-hand column lists them. */
export type EventForms = {
  key: string;
  title: string;
  date: string | null;
  planned: string | null;
  state: string;
  forms: FormMark[];
};

/** The casebook by event: each event with its forms in the study's order. */
export function formsByEvent(book: SubjectView | null): EventForms[] {
  if (book === null) return [];
  return book.events
    .map((event, column) => ({
      key: event.key,
      title: event.title,
      date: event.date,
      planned: event.planned,
      state: event.state,
      forms: book.forms.flatMap((row) => row.cells[column] ?? []),
    }))
    .filter((event) => event.forms.length > 0);
}

/** The form before or after one, in the order of the casebook. */
export function neighbour(book: SubjectView | null, form: string, by: 1 | -1): string | null {
  const all = formsByEvent(book).flatMap((event) => event.forms);
  const here = all.findIndex((mark) => mark.key === form);
  return here < 0 ? null : (all[here + by]?.key ?? null);
}

/** The next form of the casebook after one that still wants work. */
export function nextOpen(book: SubjectView | null, form: string): FormMark | null {
  const all = formsByEvent(book).flatMap((event) => event.forms);
  const here = all.findIndex((mark) => mark.key === form);
  const wants = (mark: FormMark) => mark.key !== form && (mark.status === "empty" || mark.status === "started");
  return all.slice(here + 1).find(wants) ?? all.slice(0, Math.max(here, 0)).find(wants) ?? null;
}
