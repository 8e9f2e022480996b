import type { Caller } from "./caller.ts"
import type { AppCredentials } from "./endpoints/jscode2session.ts"
import { type AccessToken, stableToken } from "./endpoints/stable-token.ts"

/** Where tokens of one kind come from, and how WeChat treats the one before. */
export interface TokenIssuer {
  /** Name of the endpoint, for messages. */
  readonly endpoint: string
  /** `same`: everybody who asks gets the same token, until its last minutes or by force. `new`: every answer is a new one, and may end the one before. */
  readonly answers: "same" | "new"
  /** How long before its end (ms) a token is renewed. */
  readonly renewBefore: number
  /** Each instance waits up to so long (ms) after {@link renewBefore}, so that not all want to be the one. */
  readonly renewSpread: number
  /** @throws DengluError if no token can be had */
  fetch(force: boolean): Promise<AccessToken>
}

/**
 * An app's own access_token. WeChat hands out the successor in a token's last 300 seconds, during which both are good; asked before, it would answer the same
 * token.
 */
export function stableTokenIssuer(caller: Caller, app: AppCredentials): TokenIssuer {
  return {
    endpoint: "stable_token",
    answers: "same",
    renewBefore: 295_000,
    renewSpread: 55_000,
    fetch: force => stableToken(caller, app, force),
  }
}
