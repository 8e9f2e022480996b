import { checkencryptedmsg } from "./checkencryptedmsg.ts"
import type { Endpoint } from "./endpoint.ts"
import { getuserphonenumber } from "./getuserphonenumber.ts"
import { getwxacodeunlimit } from "./getwxacodeunlimit.ts"
import { jscode2session } from "./jscode2session.ts"
import { checksession, getuserencryptkey, resetusersessionkey } from "./session-keys.ts"
import { stableToken, token } from "./token.ts"

/** Every endpoint there is. */
export const endpoints: readonly Endpoint[] = [
  jscode2session,
  token,
  stableToken,
  getuserphonenumber,
  checkencryptedmsg,
  checksession,
  resetusersessionkey,
  getuserencryptkey,
  getwxacodeunlimit,
]
