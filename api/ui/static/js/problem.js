/** What goes wrong, as the server says it (RFC 9457) or as the page finds it. */

const RETRY_STATUSES = [0, 408, 429, 502, 503, 504];

/** An error with one sentence for people; status 0: there was no answer. */
export class Problem extends Error {
  constructor({ detail, status = 0, code = "", request_id = "" }, retryAfter = null) {
    super(detail);
    this.name = "Problem";
    Object.assign(this, { status, code, requestId: request_id, retryAfter });
  }

  /** Whether the same request may succeed later. */
  get mayPass() {
    return RETRY_STATUSES.includes(this.status);
  }
}

/** The server cannot be reached. */
export const offline = () =>
  new Problem({
    detail: "The server cannot be reached; see that it is running, then try again.",
    code: "offline",
  });

/** A stream ended before its last event. */
export const cutOff = () =>
  new Problem({
    detail: "The connection ended before the answer was complete; ask again.",
    code: "cut_off",
  });

/** The problem that a response tells of. */
export async function problemOf(response) {
  const requestId = response.headers.get("X-Request-ID") ?? "";
  const body = await response.json().catch(() => ({}));
  const told = {
    status: response.status,
    request_id: requestId,
    detail: `The server answered with status ${response.status}; try again in a moment.`,
    ...body,
  };
  return new Problem(told, seconds(response.headers.get("Retry-After")));
}

function seconds(header) {
  const number = Number(header);
  return header !== null && Number.isFinite(number) ? number : null;
}
