import type { Catalogue } from "./text";
import { backup } from "./zh-CN/backup";
import { codes } from "./zh-CN/codes";
import { entry } from "./zh-CN/entry";
import { labs } from "./zh-CN/labs";
import { randomise } from "./zh-CN/randomise";
import { recovery } from "./zh-CN/recovery";
import { safety } from "./zh-CN/safety";
import { screens } from "./zh-CN/screens";
import { study } from "./zh-CN/study";
import { tumours } from "./zh-CN/tumours";
import { views } from "./zh-CN/views";

/** Simplified Chinese. */
export const zhCN: Catalogue = {
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
};
