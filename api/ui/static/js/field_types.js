/** How fields of each type are compared, and how their values are typed in. */

const EXISTS = { op: "exists", name: "is set", value: "none" };

const ORDERED = [
  { op: "ge", name: "is at least" },
  { op: "le", name: "is at most" },
  { op: "eq", name: "is" },
  { op: "ne", name: "is not" },
  EXISTS,
];

/** The operations of a type, the most usual first; `value` overrides how it is typed in. */
export const OPERATIONS = {
  string: [
    { op: "eq", name: "is" },
    { op: "ne", name: "is not" },
    { op: "in", name: "is one of", value: "list" },
    EXISTS,
  ],
  integer: ORDERED,
  float: ORDERED,
  boolean: [{ op: "eq", name: "is" }, EXISTS],
  date: [{ op: "ge", name: "is on or after" }, { op: "lt", name: "is before" }, EXISTS],
  tags: [
    { op: "has", name: "has" },
    { op: "has_any", name: "has one of", value: "list" },
    { op: "has_all", name: "has all of", value: "list" },
    EXISTS,
  ],
};

/** Attributes of the input of a kind of value. */
export const INPUTS = {
  string: { type: "text" },
  tags: { type: "text" },
  list: { type: "text", placeholder: "a, b, c" },
  integer: { type: "number", step: "1" },
  float: { type: "number", step: "any" },
  date: { type: "date" },
};

/** What an input holds, as JSON. */
export const READ = {
  string: (text) => text,
  tags: (text) => text,
  date: (text) => text,
  integer: Number,
  float: Number,
  boolean: (text) => text === "true",
  list: (text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
};

/** How the value of an operation on a field of a type is typed in. */
export const kindOfValue = (type, op) => operation(type, op)?.value ?? type;

const operation = (type, op) => OPERATIONS[type].find((each) => each.op === op);
