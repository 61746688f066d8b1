import type { Chosen, ChosenFor } from "../../src/ipc/messages";
import { refuse } from "./refuse";

/** What the person always chooses, where there is no dialog of the system. */
export const CHOSEN: Record<ChosenFor, Chosen> = {
  kit: { id: 1, name: "S01.kit" },
  backup: { id: 2, name: "HCC_S01-k7f2m3pq_2026-10-12.outpost-backup" },
  export_folder: { id: 3, name: "STICK" },
  backup_folder: { id: 4, name: "COPIES" },
};

/** Refuses a number that stands for nothing that was chosen for this. */
export function mustBeChosen(purpose: ChosenFor, id: number | null | undefined): void {
  if (id != null && id !== CHOSEN[purpose].id) refuse("choose_again");
}
