import { createLogin } from "@denglu/miniprogram"
import { appid, baseUrl } from "./config.js"

/** The one login of this mini program. It waits for a tap: nobody is logged in before they agreed to the privacy terms. */
export const login = createLogin({ baseUrl, silent: false, ...(appid && { appid }) })
