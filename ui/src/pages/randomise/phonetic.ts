/** The spelling alphabet of the ITU (Radio Regulations, appendix 14), for reading a code over a bad line. */
const WORDS: Record<string, string> = {
  A: "Alfa",
  B: "Bravo",
  C: "Charlie",
  D: "Delta",
  E: "Echo",
  F: "Foxtrot",
  G: "Golf",
  H: "Hotel",
  J: "Juliett",
  K: "Kilo",
  M: "Mike",
  N: "November",
  P: "Papa",
  Q: "Quebec",
  R: "Romeo",
  S: "Sierra",
  T: "Tango",
  V: "Victor",
  W: "Whiskey",
  X: "X-ray",
  Y: "Yankee",
  Z: "Zulu",
};

/** A group of a code as it is read aloud: letters as words, digits as they are. */
export function spoken(group: string): string {
  return [...group].map((sign) => WORDS[sign] ?? sign).join(" ");
}
