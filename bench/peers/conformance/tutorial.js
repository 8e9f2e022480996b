// No library: the request() of tutorials. On a 401 it logs in and asks again.

/** @type {import("@denglu/miniprogram/conformance").CreateConformanceClient} */
export function createTutorial({ platform: wx, baseUrl, timeoutMs }) {
  function login() {
    return new Promise((resolve, reject) => {
      wx.login({
        success(res) {
          wx.request({
            url: `${baseUrl}/login`,
            method: "POST",
            data: { code: res.code },
            timeout: timeoutMs,
            success(res) {
              if (res.statusCode !== 200) return reject(res)
              wx.setStorageSync("token", res.data.access_token)
              resolve(res.data)
            },
            fail: reject,
          })
        },
        fail: reject,
      })
    })
  }

  function request({ url, method, data }) {
    return new Promise((resolve, reject) => {
      const token = wx.getStorageSync("token")
      wx.request({
        url: url.startsWith("http") ? url : baseUrl + url,
        method,
        data,
        header: token ? { Authorization: `Bearer ${token}` } : {},
        timeout: timeoutMs,
        success(res) {
          if (res.statusCode === 401) {
            login()
              .then(() => request({ url, method, data }))
              .then(resolve, reject)
          } else if (res.statusCode === 200) resolve(res.data)
          else reject(res)
        },
        fail: reject,
      })
    })
  }

  async function logout() {
    wx.removeStorageSync("token")
  }

  return { request, login, logout }
}
