// A query with its lines and indents set anew; tokens, comments and their order stay.
const TOKEN = new RegExp([
  /#[^\r\n]*/, /"""(?:[^\\]|\\.)*?"""|'''(?:[^\\]|\\.)*?'''/, /"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'/,
  /<[^<>"{}|^`\\\x00-\x20]*>/, /@[A-Za-z0-9-]+/, /\^\^/, /[?$][\p{L}\p{N}_]+/,
  /(?:\p{L}[\p{L}\p{N}_-]*)?:(?:[\p{L}\p{N}_:·-]|%[0-9A-Fa-f]{2}|\\.|\.(?=[\p{L}\p{N}_:%\\-]))*/,
  /\p{L}[\p{L}\p{N}_]*/, /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/, /<<\(?|\)?>>|&&|\|\||[!<>]=/, /[^\s]/,
].map((one) => one.source).join("|"), "gu");
// These begin a line; `GROUP` and `ORDER` take BY along.
const CLAUSES = new Set(("BASE PREFIX SELECT CONSTRUCT DESCRIBE ASK FROM WHERE ORDER GROUP HAVING LIMIT OFFSET" +
  " VALUES OPTIONAL FILTER BIND MINUS GRAPH SERVICE").split(" "));
const TIGHT_AFTER = new Set(["(", "[", "^^", "^", "!", "<<", "<<(", "@"]);
const TIGHT_BEFORE = new Set([")", "]", ",", "^^", "*", "+", "?"]);

export function laidOut(text) {
  const layout = new Layout(text);
  const tokens = [...text.matchAll(TOKEN)];
  tokens.forEach((match, number) => layout.add(match, tokens[number + 1]?.[0] ?? ""));
  return layout.text();
}

class Layout {
  constructor(source) {
    this.source = source;
    this.lines = [];
    this.line = "";
    this.brackets = [];
    this.end = 0;
    this.hanging = false; // within a triple that goes on after `;`
    this.prologue = false;
  }

  get depth() {
    return this.brackets.filter((one) => one === "{").length;
  }

  text() {
    this.cut();
    return this.lines.join("\n").replace(/\n{3,}/g, "\n\n").trim();
  }

  cut() {
    if (this.line) this.lines.push(this.line);
    this.line = "";
  }

  add(match, next) {
    const token = match[0];
    const gap = this.source.slice(this.end, match.index);
    this.end = match.index + token.length;
    const word = token.toUpperCase();
    if (token.startsWith("#")) this.comment(token, gap);
    else if (token === "{") this.open(token);
    else if (token === "}") this.close(token, next.toUpperCase());
    else if ((token === "." || token === ";") && this.inGroup) this.stop(token, next);
    else if (this.begins(word)) this.clause(token, word);
    else {
      this.put(token, gap);
      if (token === ")" && next !== "." && this.ended) this.cut();
    }
  }

  // A FILTER or BIND is over with its bracket.
  get ended() {
    return this.inGroup && /^\s*(?:FILTER|BIND)\b/i.test(this.line);
  }

  get inGroup() {
    return this.brackets.at(-1) === "{";
  }

  begins(word) {
    if (!CLAUSES.has(word) || this.brackets.some((one) => one !== "{")) return false;
    if (word === "GRAPH" || word === "SERVICE" || word === "FILTER") return this.depth > 0;
    if (word === "WHERE" || word === "FROM") return !/^(?:PREFIX|BASE)/i.test(this.line);
    return true;
  }

  comment(token, gap) {
    if (gap.includes("\n") || !this.line) this.cut();
    this.put(token, " ");
    this.cut();
  }

  open(token) {
    this.put(token, " ");
    this.brackets.push("{");
    this.hanging = false;
    this.cut();
  }

  close(token, next) {
    this.cut();
    this.brackets.pop();
    this.hanging = false;
    this.put(token, " ");
    if (!["UNION", "WHERE", "."].includes(next)) this.cut();
  }

  stop(token, next) {
    this.put(token, " ");
    this.hanging = token === ";";
    if (!next.startsWith("#")) this.cut();
  }

  clause(token, word) {
    const along = word === "WHERE" && /^(?:SELECT|ASK|CONSTRUCT|DESCRIBE|FROM|\})/i.test(this.line.trim());
    if (!along || this.line.length > 70) this.cut();
    if (this.prologue && word !== "PREFIX" && word !== "BASE" && !this.depth) this.lines.push("");
    this.prologue = word === "PREFIX" || word === "BASE";
    this.hanging = false;
    this.put(token, " ");
  }

  // Within paths and calls the writer's own spaces decide, elsewhere there is one.
  put(token, gap) {
    if (["(", "["].includes(token)) this.brackets.push(token);
    if ([")", "]"].includes(token)) this.brackets.pop();
    if (!this.line) this.line = "  ".repeat(this.depth + (this.hanging ? 1 : 0)) + token;
    else this.line += this.spaced(token, gap) + token;
    if (this.prologue && token.startsWith("<")) this.cut();
  }

  spaced(token, gap) {
    const last = this.line.trimEnd().at(-1);
    if (TIGHT_AFTER.has(last) || TIGHT_BEFORE.has(token)) return gap && /[*+?]/.test(token) ? " " : "";
    if (["{", "}", ".", ";"].includes(token) || ["}", ","].includes(last)) return " ";
    return gap ? " " : "";
  }
}
