// weRequest, set up as its README says.
import { readFileSync } from "node:fs"

const file = new URL("../vendor/we-request/weRequest.min.js.txt", import.meta.url)
const load = new Function("module", "exports", "wx", readFileSync(file, "utf8"))

/** @type {import("@denglu/miniprogram/conformance").CreateConformanceClient} */
export function createWeRequestClient({ platform, baseUrl, timeoutMs }) {
  // It takes `wx` from the global scope, which is another one at every start.
  const module = { exports: {} }
  load(module, module.exports, answeringInBodies(platform))
  const weRequest = module.exports.default ?? module.exports
  weRequest.init({
    sessionName: "session",
    urlPerfix: baseUrl,
    loginTrigger: body => body.errcode === 401,
    codeToSession: { url: "/login", method: "POST", success: body => body.access_token },
    reLoginLimit: 1,
    successTrigger: body => !body.errcode,
    doNotCheckSession: true,
    doNotUseQueryString: true,
    beforeSend: options => Object.assign(options, { timeout: timeoutMs }),
    setHeader: () => (weRequest.getSession() ? { Authorization: `Bearer ${weRequest.getSession()}` } : {}),
  })
  return {
    request: ({ url, method, data }) =>
      new Promise((success, fail) => {
        weRequest.request({ url, method, data, success, fail }).catch(fail)
      }),
    login: () => weRequest.login(),
  }
}

/** A server written for weRequest says in the body of a 200 what others say by a status below 500. */
function answeringInBodies(platform) {
  return {
    ...platform,
    request: options =>
      platform.request({
        ...options,
        success(response) {
          const { statusCode, data } = response
          if (statusCode < 400 || statusCode >= 500) options.success(response)
          else options.success({ ...response, statusCode: 200, data: { ...data, errcode: statusCode } })
        },
      }),
  }
}
