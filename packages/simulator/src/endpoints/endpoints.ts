import { checkencryptedmsg } from "./checkencryptedmsg.ts"
import { componentEndpoints, componentJscode2session } from "./component.ts"
import type { Endpoint } from "./endpoint.ts"
import { getuserphonenumber } from "./getuserphonenumber.ts"
import { getwxacodeunlimit } from "./getwxacodeunlimit.ts"
import { jscode2session } from "./jscode2session.ts"
import { oauth2AccessToken } from "./oauth2-access-token.ts"
import { checksession, getuserencryptkey, resetusersessionkey } from "./session-keys.ts"
import { stableToken, token } from "./token.ts"

/** Every endpoint there is. */
export const endpoints: readonly Endpoint[] = [
  jscode2session,
  oauth2AccessToken,
  token,
  stableToken,
  getuserphonenumber,
  checkencryptedmsg,
  checksession,
  resetusersessionkey,
  getuserencryptkey,
  getwxacodeunlimit,
  componentJscode2session,
  ...componentEndpoints,
]
