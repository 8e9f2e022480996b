import { DengluError } from "../errors.ts"

/**
 * The token in an `Authorization` header (RFC 6750, section 2.1).
 *
 * @throws DengluError `token_missing` if there is no Bearer token, `invalid_request` if the header is malformed
 */
export function readBearer(header: string | undefined): string {
  if (header === undefined || !startsWithBearer(header)) throw new DengluError("token_missing")
  const token = header.slice(7)
  if (token68.test(token)) return token
  const trimmed = token.trim()
  if (token68.test(trimmed)) return trimmed
  if (trimmed === "") throw new DengluError("token_missing")
  throw new DengluError("invalid_request", {
    message: "the Authorization header is malformed: write Bearer and one token",
  })
}

const token68 = /^[A-Za-z0-9\-._~+/]+=*$/

function startsWithBearer(header: string): boolean {
  return header.startsWith("Bearer ") || /^bearer(\s|$)/i.test(header)
}
