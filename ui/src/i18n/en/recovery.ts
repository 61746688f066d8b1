/** Words of lost passwords: a code of the center, and an administrator's reset. */
export const recovery = {
  "own.old": "Password with which you signed in",
  "own.title": "Set your own password",
  "own.why":
    "Your password was set by an administrator of this site, or is a former one that came back with a copy of the vault. Set one that only you know, and go on where you left off: everything is there.",

  "people.must": "must set an own password",
  "people.reset": "Set a new password",
  "people.reset.act": "Set the password",
  "people.reset.done": "{name} signs in with the new password once, and then sets an own one.",
  "people.reset.hint":
    "Tell it to the person yourself. It opens the site once: the person then sets an own one, before anything else can be done.",
  "people.reset.own": "Your own password",
  "people.reset.own.hint": "So that nobody else can do this while you are away.",
  "people.reset.title": "New password for {name}",

  "recover.act": "Set the password and sign in",
  "recover.administrator":
    "If an administrator of this site is there, no call is needed: the page People sets a new password for you.",
  "recover.back": "Back to the sign-in",
  "recover.code": "Code from the center",
  "recover.code.hint": "{n} of 20 letters and digits. Small letters and missing dashes do not matter.",
  "recover.done":
    "Your new password is set, and the code is used up. The next bundle tells the center: export one soon.",
  "recover.link": "Password forgotten",
  "recover.step.call": "Call your coordinating center. No network is needed.",
  "recover.step.code": "It reads a code to you, in five groups of four. A code works once, on this computer alone.",
  "recover.step.type": "Type the code and a new password. What was entered here stays as it is.",
  "recover.step.who": "It asks who you are, and which computer this is. Read out:",
  "recover.steps": "How to get a code",
  "recover.title": "Password forgotten",

  "recovery.center": "At the center",
  "recovery.center.no": "not yet: it can read none of them out before it has your next bundle",
  "recovery.center.yes": "yes",
  "recovery.hint":
    "Who loses the password calls the center, which reads one code out. The codes are sealed: nobody at this site can read them. A new set is made by itself when few are left.",
  "recovery.left": "Codes left",
  "recovery.sealed": "Sealed for the center",
  "recovery.sealed.none": "none yet",
  "recovery.title": "If a password is lost",
} as const;
