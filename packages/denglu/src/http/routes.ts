import type { Route } from "./route.ts"
import { appTokenRoute } from "./routes/app-token.ts"
import { healthRoute, readyRoute } from "./routes/health.ts"
import { changeMeByPostRoute, changeMeRoute, endSessionRoute, meRoute, sessionsRoute } from "./routes/me.ts"
import { openDataRoute } from "./routes/open-data.ts"
import { openapiRoute } from "./routes/openapi.ts"
import { bindPhoneRoute, unbindPhoneRoute } from "./routes/phone.ts"
import { pushCheckRoute, pushRoute } from "./routes/push.ts"
import { logInRoute, logOutRoute, refreshRoute } from "./routes/tokens.ts"
import { jwksRoute, revocationsRoute } from "./routes/well-known.ts"

/** Every route there is. */
export const allRoutes: readonly Route[] = [
  logInRoute,
  refreshRoute,
  logOutRoute,
  meRoute,
  changeMeRoute,
  changeMeByPostRoute,
  bindPhoneRoute,
  unbindPhoneRoute,
  sessionsRoute,
  endSessionRoute,
  pushCheckRoute,
  pushRoute,
  openDataRoute,
  jwksRoute,
  revocationsRoute,
  appTokenRoute,
  openapiRoute,
  healthRoute,
  readyRoute,
]
