/** Words of the Randomise screen. */
export const randomise = {
  "randomise.act": "Randomise",
  "randomise.title": "Randomise {subject}",
  "randomise.back": "Back to the subject",
  "randomise.gates": "Before randomisation",
  "randomise.met": "Met",
  "randomise.missing": "Missing",
  "randomise.see": "See to it",
  "randomise.go": "See to it: {what}",
  "randomise.ready": "Everything that must be true before randomisation is recorded.",
  "randomise.gated": "Something is missing before randomisation. There is no waiver.",
  "randomise.request": "Request the allocation",
  "randomise.sure": "Request the allocation of {subject}?",
  "randomise.sure.what":
    "The request is recorded for good and cannot be taken back: from now on this subject counts as randomised, whatever the arm. The next subject of this computer can be allocated only after this request has been read to the center.",
  "randomise.asked": "The allocation is requested. Read the code to the center.",
  "randomise.call": "Read this code to the center",
  "randomise.call.what": "Request {n} of this computer, by {by}. It stays here until the answer is entered.",
  "randomise.answer": "Enter the center's answer",
  "randomise.noundo":
    "Once revealed, the arm is known for good. There is no undo; an error is a protocol deviation, and the slot is never used again.",
  "randomise.release": "Release code (30 characters)",
  "randomise.reveal": "Reveal the arm",
  "randomise.revealed": "The arm is revealed.",
  "randomise.arm": "Allocated arm",
  "randomise.told": "Randomisation number {number}, revealed by {by} on {at}",
  "randomise.final": "This cannot be changed. It stands in the form of the randomisation visit.",
  "randomise.form": "Open the form",
  "randomise.elsewhere": "Another computer of this site has requested this subject's allocation. It is revealed there.",
  "randomise.unavailable":
    "There are no randomisation slots on this computer. The center sends them with a kit or a reply.",
  "randomise.strata": "Stratification",
  "randomise.unknown": "not known yet",
  "randomise.root": "The center committed itself to the list of slots by",

  "gate.registered": "The subject is registered once",
  "gate.consent": "The date of consent is recorded:",
  "gate.yes": "Answered with yes:",
  "gate.form": "Complete, and nothing to correct:",
  "gate.stratum": "Known for stratification:",
  "gate.before": "Settled before the arm is known:",

  "refused.not_eligible": "Something is missing before randomisation; see the list.",
  "refused.no_slots": "There are no randomisation slots on this computer. Call the center.",
  "refused.code_length": "The code is too short or too long. Nothing is lost: check it and enter it again.",
  "refused.code_character":
    "The code holds a character that no code has. Nothing is lost: ask the center to read it again.",
  "refused.code_check": "A character was misheard or mistyped. Nothing is lost: ask the center to read it again.",
  "refused.code_other":
    "This code answers another request. Nothing is lost: read the request code to the center again.",
} as const;
