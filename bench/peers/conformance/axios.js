// axios in a mini program, with the interceptor that teams write: the first 401 logs in, the others queue up.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

const adapterFile = createRequire(import.meta.url).resolve("axios-miniprogram-adapter")
const requireOfAdapter = createRequire(adapterFile)
// The axios the adapter was written for, 0.19.
const axios = requireOfAdapter("axios")
const loadAdapter = new Function("require", "module", "exports", "wx", readFileSync(adapterFile, "utf8"))

/** @type {import("@denglu/miniprogram/conformance").CreateConformanceClient} */
export function createAxiosClient({ platform: wx, baseUrl, timeoutMs }) {
  // It takes `wx` from the global scope, which is another one at every start.
  const module = { exports: {} }
  loadAdapter(requireOfAdapter, module, module.exports, wx)
  const service = axios.create({ baseURL: baseUrl, timeout: timeoutMs, adapter: module.exports })
  let isLoggingIn = false
  let queue = []

  async function login() {
    const { code } = await new Promise((success, fail) => wx.login({ success, fail }))
    const { access_token } = await service.post("/login", { code })
    wx.setStorageSync("token", access_token)
  }

  service.interceptors.request.use(config => {
    const token = wx.getStorageSync("token")
    if (token) config.headers.Authorization = `Bearer ${token}`
    return config
  })

  service.interceptors.response.use(
    response => response.data,
    async error => {
      const { config, response } = error
      if (response?.status !== 401 || config.isRetry) throw error
      config.isRetry = true
      if (isLoggingIn) {
        return new Promise((resolve, reject) => {
          queue.push({ resolve: () => resolve(service(config)), reject })
        })
      }
      isLoggingIn = true
      try {
        wx.removeStorageSync("token")
        await login()
        for (const waiting of queue) waiting.resolve()
      } catch (failure) {
        for (const waiting of queue) waiting.reject(failure)
        throw failure
      } finally {
        isLoggingIn = false
        queue = []
      }
      return service(config)
    },
  )

  return {
    request: ({ url, method, data }) => service({ url, method, data }),
    login,
    async logout() {
      wx.removeStorageSync("token")
    },
  }
}
