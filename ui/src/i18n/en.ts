import { codes } from "./en/codes";
import { entry } from "./en/entry";
import { screens } from "./en/screens";
import { tumours } from "./en/tumours";

/** English: the catalogue whose keys and placeholders every other language must have. */
export const en = { ...screens, ...entry, ...codes, ...tumours } as const;
