/** A question that wants words: a reason, a comment. */
export type TextQuestion = {
  kind: "text";
  title: string;
  label: string;
  hint?: string;
  suggestions?: string[];
  act?: string;
};
/** A question that wants one of a few answers. */
export type ChoiceQuestion = {
  kind: "choice";
  title: string;
  hint?: string;
  options: Array<{ code: string; label: string }>;
};
/** Any of them. */
export type Question = TextQuestion | ChoiceQuestion;

class Asker {
  now = $state.raw<{ question: Question; answer: (said: string | null) => void } | null>(null);

  /** Asks for words; null when the person turned away. */
  text(question: Omit<TextQuestion, "kind">): Promise<string | null> {
    return this.#ask({ kind: "text", ...question });
  }

  /** Asks for one of a few; null when the person turned away. */
  choice(question: Omit<ChoiceQuestion, "kind">): Promise<string | null> {
    return this.#ask({ kind: "choice", ...question });
  }

  #ask(question: Question): Promise<string | null> {
    this.now?.answer(null);
    return new Promise((resolve) => {
      const answer = (said: string | null) => {
        this.now = null;
        resolve(said);
      };
      this.now = { question, answer };
    });
  }
}

/** One question at a time, asked over whatever page is in view. */
export const ask = new Asker();
