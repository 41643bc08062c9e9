/** What people read for what the server calls things. */

export const LEG_NAMES = {
  dense: "Dense",
  sparse: "Sparse",
  fulltext: "Full text",
  tensor: "Tensor",
};

/** The ways to reorder that need nothing of the server. */
export const RERANKS = {
  "": "the server's way",
  "tensor+fuse": "late interaction and first stage",
  tensor: "late interaction alone",
  none: "nothing",
};

export const RERANK_NAMES = {
  leg: "the score of the one leg",
  fusion: "fusion",
  maxsim: "MaxSim",
  cross_encoder: "the cross-encoder",
};

/** Each verdict: its words, its sign, its tone (a colour and a kind of underline). */
export const VERDICTS = {
  supported: { name: "Supported", sign: "✓", tone: "good" },
  partially_supported: { name: "Partly supported", sign: "~", tone: "fair" },
  unsupported: { name: "Not supported", sign: "?", tone: "bad" },
  contradicted: { name: "Contradicted", sign: "✗", tone: "bad" },
  not_checkable: { name: "Nothing to check", sign: "–", tone: "unknown" },
  error: { name: "Could not be checked", sign: "!", tone: "unknown" },
};

export const verdictOf = (label) => VERDICTS[label] ?? VERDICTS.error;
