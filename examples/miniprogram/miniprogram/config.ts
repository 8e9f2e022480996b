/** Where the login server is. WeChat itself wants an https address that is listed at mp.weixin.qq.com. */
export const baseUrl = "http://127.0.0.1:3000"

/** Needed only where several mini programs share one login server: then a person is one user in all of them. */
export const appid: string = ""
