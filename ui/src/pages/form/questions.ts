import { ask } from "../../model/ask.svelte";
import { t, tCode } from "../../i18n/lang.svelte";
import type { GradeProposal } from "../../ipc/messages";

const options = (codes: readonly string[]) => codes.map((code) => ({ code, label: tCode("missing", code, code) }));
const WHOLE_FORM = ["not_done", "unknown", "not_applicable", "not_asked", "refused"];

/** Why a completed form is changed. */
export const askReason = () =>
  ask.text({
    title: t("reason.title"),
    label: t("reason.label"),
    hint: t("reason.hint"),
    suggestions: [t("reason.slip"), t("reason.source"), t("reason.query")],
  });

/** Why a cell holds no value. */
export const askMissing = (question: string, codes: string[]) =>
  ask.choice({ title: t("missing.title"), hint: question, options: options(codes) });

/** Why a whole form was not done. */
export const askNotDone = (form: string) =>
  ask.choice({ title: t("notdone.title"), hint: form, options: options(WHOLE_FORM) });

/** The words that confirm a soft finding. */
export const askComment = (message: string) =>
  ask.text({ title: t("confirm.title"), label: t("confirm.label"), hint: message, act: t("confirm.act") });

/** Why a completed form is opened again. */
export const askReopen = () => ask.text({ title: t("reopen.title"), label: t("reason.label"), act: t("reopen.act") });

/** The words of a query, or of an answer to one. */
export const askQuery = (answers: boolean, question: string) =>
  ask.text({
    title: answers ? t("query.answer.title") : t("query.ask.title"),
    label: answers ? t("query.answer") : t("query.words"),
    hint: question,
  });

/** Whether the proposed grade becomes an adverse event: the person's word, not the program's. */
export const askLabEvent = (question: string, grade: GradeProposal) =>
  ask.choice({
    title: t("lab.event.title"),
    hint: `${question}: ${grade.words}`,
    options: [{ code: "record", label: t("lab.event.record", { grade: grade.grade ?? 0, term: grade.term }) }],
  });

/** Why a row goes. */
export const askRemove = () =>
  ask.text({
    title: t("row.remove.title"),
    label: t("reason.label"),
    hint: t("row.remove.hint"),
    act: t("row.remove"),
  });

/** Which of the values of several devices holds. */
export const askConflictValue = (question: string, values: string[]) =>
  ask.choice({
    title: t("conflict.words"),
    hint: question,
    options: values.map((value) => ({ code: value, label: value })),
  });

/** Why one of two values holds. */
export const askConflictReason = (value: string) =>
  ask.text({ title: t("conflict.title", { value }), label: t("reason.label"), hint: t("conflict.hint") });
