// A number as a person typed it, by the rule of the server (core/spreadsheets/cells.py): comma or
// point in any language, blanks and apostrophes between. NaN for what the server would refuse.

const BETWEEN = /[ '\u2019\u00a0\u202f]/g;
const SIGN = /^[+\-\u2212]/;
const NUMBER = /^\d+(?:[.,]\d+)*$/;

export const read = (text) => {
  const said = text.trim().replace(BETWEEN, "");
  const bare = said.replace(SIGN, "");
  if (!NUMBER.test(bare)) return NaN;
  const [first, ...groups] = bare.split(/[.,]/);
  const signs = bare.match(/[.,]/g) ?? [];
  const fraction = signs.length === 1 || signs.at(-1) !== signs[0] ? groups.pop() ?? "" : "";
  if (signs.length === 1 && fraction.length === 3 && first.length < 4 && first[0] !== "0") return NaN;
  const mixed = new Set(signs.slice(0, groups.length)).size > 1;
  if (signs.length > 1 && (mixed || first.length > 3 || groups.some((g) => g.length !== 3))) return NaN;
  const size = Number(`${first}${groups.join("")}.${fraction || 0}`);
  return said[0] === "-" || said[0] === "\u2212" ? -size : size;
};
