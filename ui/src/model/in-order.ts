/** Runs tasks one after the other, so that their answers come in the order in which they were asked. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Runs a task in its turn; at once where nothing is under way, so that it has begun before anything is drawn. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#waiting === 0 ? task() : this.#last.then(task, task);
    this.#waiting += 1;
    const over = () => (this.#waiting -= 1);
    this.#last = turn.then(over, over);
    return turn;
  }

  /** Waits until every task that was begun has ended, well or not. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
