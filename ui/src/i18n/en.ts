import { backup } from "./en/backup";
import { codes } from "./en/codes";
import { entry } from "./en/entry";
import { labs } from "./en/labs";
import { randomise } from "./en/randomise";
import { recovery } from "./en/recovery";
import { safety } from "./en/safety";
import { screens } from "./en/screens";
import { study } from "./en/study";
import { tumours } from "./en/tumours";
import { views } from "./en/views";

/** English: the catalogue whose keys and placeholders every other language must have. */
export const en = {
  ...screens,
  ...entry,
  ...codes,
  ...labs,
  ...tumours,
  ...study,
  ...views,
  ...randomise,
  ...safety,
  ...recovery,
  ...backup,
} as const;
