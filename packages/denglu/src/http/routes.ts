import type { SettledOptions } from "../options.ts"
import type { Route } from "./route.ts"
import { appTokenRoute } from "./routes/app-token.ts"
import { avatarRoute, uploadAvatarRoute } from "./routes/avatar.ts"
import { cloudLogInRoute } from "./routes/cloud.ts"
import { healthRoute, readyRoute } from "./routes/health.ts"
import { attachIdentityRoute, detachIdentityRoute, identitiesRoute } from "./routes/identities.ts"
import { deleteMeByPostRoute, deleteMeRoute, exportMeRoute } from "./routes/leaving.ts"
import { changeMeByPostRoute, changeMeRoute, endSessionRoute, meRoute, sessionsRoute } from "./routes/me.ts"
import { mergeRoute } from "./routes/merge.ts"
import { openDataRoute } from "./routes/open-data.ts"
import { openapiRoute } from "./routes/openapi.ts"
import {
  changePasswordRoute,
  passwordLogInRoute,
  registerRoute,
  removePasswordRoute,
  resetPasswordRoute,
} from "./routes/password.ts"
import { bindPhoneRoute, unbindPhoneRoute } from "./routes/phone.ts"
import { platformPushRoute, pushCheckRoute, pushRoute } from "./routes/push.ts"
import {
  confirmScanRoute,
  denyScanRoute,
  openScanRoute,
  redeemScanRoute,
  scanRoute,
  startScanRoute,
} from "./routes/scan.ts"
import { sendSmsRoute, smsLogInRoute } from "./routes/sms.ts"
import { logInRoute, logOutRoute, refreshRoute } from "./routes/tokens.ts"
import { waysRoute } from "./routes/ways.ts"
import { jwksRoute, revocationsRoute } from "./routes/well-known.ts"

const passwordRoutes: readonly Route[] = [
  passwordLogInRoute,
  registerRoute,
  resetPasswordRoute,
  changePasswordRoute,
  removePasswordRoute,
]

/** Every route there is. */
const allRoutes: readonly Route[] = [
  logInRoute,
  cloudLogInRoute,
  refreshRoute,
  logOutRoute,
  meRoute,
  changeMeRoute,
  changeMeByPostRoute,
  deleteMeRoute,
  deleteMeByPostRoute,
  exportMeRoute,
  uploadAvatarRoute,
  avatarRoute,
  bindPhoneRoute,
  unbindPhoneRoute,
  sessionsRoute,
  endSessionRoute,
  identitiesRoute,
  attachIdentityRoute,
  detachIdentityRoute,
  mergeRoute,
  pushCheckRoute,
  pushRoute,
  platformPushRoute,
  openDataRoute,
  jwksRoute,
  revocationsRoute,
  appTokenRoute,
  startScanRoute,
  openScanRoute,
  scanRoute,
  redeemScanRoute,
  confirmScanRoute,
  denyScanRoute,
  sendSmsRoute,
  smsLogInRoute,
  ...passwordRoutes,
  waysRoute,
  openapiRoute,
  healthRoute,
  readyRoute,
]

/** The routes that are answered here: an app may well have `/avatars` or `/register` of its own. */
export function routesOf({
  avatars,
  passwords,
}: Pick<SettledOptions, "avatars" | "passwords">): readonly Route[] {
  return allRoutes.filter(
    route =>
      (route !== uploadAvatarRoute || avatars !== undefined) &&
      (route !== avatarRoute || avatars?.storage.read !== undefined) &&
      (!passwordRoutes.includes(route) || passwords !== undefined) &&
      (route !== registerRoute || passwords?.registration === true),
  )
}
