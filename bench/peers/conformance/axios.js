// axios in a mini program, with the interceptor that teams write: the first 401 renews, the others queue up.
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
  const settings = { baseURL: baseUrl, timeout: timeoutMs, adapter: module.exports }
  const service = axios.create(settings)
  // Without the interceptors, so that a 401 of a renewal renews nothing.
  const auth = axios.create(settings)
  let isRefreshing = false
  let queue = []

  const keep = ({ data }) => {
    wx.setStorageSync("token", data.access_token)
    wx.setStorageSync("refresh_token", data.refresh_token)
  }
  const forget = () => {
    wx.removeStorageSync("token")
    wx.removeStorageSync("refresh_token")
  }
  const authorization = () => {
    const token = wx.getStorageSync("token")
    return token ? { Authorization: `Bearer ${token}` } : {}
  }

  async function login() {
    const { code } = await new Promise((success, fail) => wx.login({ success, fail }))
    keep(await auth.post("/login", { code }))
  }

  async function refresh() {
    const refresh_token = wx.getStorageSync("refresh_token")
    if (!refresh_token) return login()
    try {
      keep(await auth.post("/refresh", { refresh_token }))
    } catch (error) {
      // On the web this leads to the login page; in a mini program that is wx.login.
      if (error.response?.status !== 401) throw error
      await login()
    }
  }

  service.interceptors.request.use(config => {
    Object.assign(config.headers, authorization())
    return config
  })

  service.interceptors.response.use(
    response => response.data,
    async error => {
      const { config, response } = error
      if (response?.status !== 401 || config.isRetry) throw error
      config.isRetry = true
      if (isRefreshing) {
        await new Promise((resolve, reject) => queue.push({ resolve, reject }))
        return service(config)
      }
      isRefreshing = true
      try {
        await refresh()
        for (const waiting of queue) waiting.resolve()
      } catch (failure) {
        for (const waiting of queue) waiting.reject(failure)
        throw failure
      } finally {
        isRefreshing = false
        queue = []
      }
      return service(config)
    },
  )

  return {
    request: ({ url, method, data }) => service({ url, method, data }),
    login,
    async logout() {
      await auth.post("/logout", {}, { headers: authorization() }).finally(forget)
    },
  }
}
