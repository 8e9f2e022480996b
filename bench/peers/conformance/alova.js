// alova with its token authentication, as its documentation shows it; the server says by a 401 that a token is over.
import { createAlova } from "alova"
import { createServerTokenAuthentication } from "alova/client"

/** @type {import("@denglu/miniprogram/conformance").CreateConformanceClient} */
export function createAlovaClient({ platform: wx, baseUrl, timeoutMs }) {
  const keep = ({ access_token, refresh_token }) => {
    wx.setStorageSync("token", access_token)
    wx.setStorageSync("refresh_token", refresh_token)
  }

  async function login() {
    const { code } = await new Promise((success, fail) => wx.login({ success, fail }))
    await alova.Post("/login", { code }, { meta: { authRole: "login" } })
  }

  const { onAuthRequired, onResponseRefreshToken } = createServerTokenAuthentication({
    assignToken(method) {
      const token = wx.getStorageSync("token")
      if (token) method.config.headers.Authorization = `Bearer ${token}`
    },
    login: async response => response.statusCode === 200 && keep(response.data),
    logout() {
      wx.removeStorageSync("token")
      wx.removeStorageSync("refresh_token")
    },
    refreshTokenOnSuccess: {
      isExpired: (response, method) => response.statusCode === 401 && method.meta?.authRole !== "logout",
      async handler() {
        const refresh_token = wx.getStorageSync("refresh_token")
        if (!refresh_token) return login()
        try {
          keep(await alova.Post("/refresh", { refresh_token }, { meta: { authRole: "refreshToken" } }))
        } catch (error) {
          // The documentation leads to the login page here; in a mini program that is wx.login.
          if (error.statusCode !== 401) throw error
          await login()
        }
      },
    },
  })

  const alova = createAlova({
    baseURL: baseUrl,
    timeout: timeoutMs,
    cacheFor: null,
    requestAdapter: requestBy(wx),
    beforeRequest: onAuthRequired(),
    responded: onResponseRefreshToken({
      onSuccess(response) {
        if (response.statusCode >= 400)
          throw Object.assign(new Error(`status ${response.statusCode}`), response)
        return response.data
      },
      onError(error) {
        throw error
      },
    }),
  })

  return {
    request: ({ url, method, data }) => (method === "POST" ? alova.Post(url, data) : alova.Get(url)),
    login,
    logout: () => alova.Post("/logout", {}, { meta: { authRole: "logout" } }),
  }
}

/** As @alova/adapter-uniapp does it with `uni`. */
function requestBy(wx) {
  return ({ url, data, type, headers: header }, { config }) => {
    let task
    const answer = new Promise((resolve, reject) => {
      task = wx.request({
        url,
        data,
        header,
        method: type,
        timeout: config.timeout,
        success: resolve,
        fail: reason => reject(new Error(reason.errMsg)),
      })
    })
    return {
      response: () => answer,
      headers: () => answer.then(({ header }) => header ?? {}),
      abort: () => task.abort(),
    }
  }
}
