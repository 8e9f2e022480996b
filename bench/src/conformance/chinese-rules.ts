/** The rules of the suite in Chinese. */
export const chineseRules: Readonly<Record<string, string>> = {
  "Ten requests at a cold start make one wx.login and one POST /login":
    "冷启动时的十个请求只产生一次 wx.login 和一次 POST /login",
  "Ten who wait for a login are all told when wx.login fails":
    "wx.login 失败时，等待登录的十个调用者都会得知",
  "Ten who wait for a login are all told when wx.login never calls back":
    "wx.login 一直不回调时，等待登录的十个调用者都会得知",
  "Ten who wait for a login are all told when POST /login is never answered":
    "POST /login 一直没有应答时，等待登录的十个调用者都会得知",
  "Ten who wait for a login are all told when POST /login is answered 500":
    "POST /login 应答 500 时，等待登录的十个调用者都会得知",
  "After a failed login the next request tries again": "登录失败之后，下一个请求会重新尝试",
  "A code is sent once, also when the answer to it was lost": "code 只发送一次，应答丢失时也是如此",
  "A code is sent once, also when POST /login is answered 503":
    "code 只发送一次，POST /login 应答 503 时也是如此",
  "An expired access token is renewed without wx.login": "访问令牌过期后续期，不调用 wx.login",
  "Ten requests that meet a 401 together cause one renewal": "十个请求同时遇到 401，只续期一次",
  "A late 401 for an old token does not throw away the new session": "旧令牌迟到的 401 不会丢掉新会话",
  "When the answer to a renewal is lost, the same refresh token is sent again":
    "续期的应答丢失后，用同一个刷新令牌再发一次",
  "A renewal that did not get through keeps the session": "续期请求没有送达时，会话保留",
  "A renewal that is answered 503 keeps the session": "续期应答 503 时，会话保留",
  "Ten requests that meet a 401 together are all told when the renewal is never answered":
    "续期一直没有应答时，一同遇到 401 的十个请求都会得知",
  "A refused renewal becomes one login": "续期被拒绝后变成一次登录",
  "Two 401s in a row end in an error": "连续两个 401 以错误结束",
  "A POST that met a 401 is sent again once, with its body": "遇到 401 的 POST 会带着请求体再发一次，仅一次",
  "A POST whose answer was lost is not sent twice": "应答丢失的 POST 不会发送两次",
  "A 403 is handed to the caller with its body, without a new login": "403 连同应答体交给调用者，不重新登录",
  "A 500 is handed to the caller with its body, without a new login": "500 连同应答体交给调用者，不重新登录",
  "A logout during a login ends logged out": "登录途中退出，结果是已退出",
  "A logout during a renewal ends logged out": "续期途中退出，结果是已退出",
  "After a logout no request logs in by itself": "退出之后，请求不会自行登录",
  "After a logout login() logs in again": "退出之后，login() 可以重新登录",
  "Storage that throws does not stop a login": "本地存储抛错不妨碍登录",
  "Storage that is full does not stop a login": "本地存储已满不妨碍登录",
  "A cold start with a kept session makes no login": "冷启动时已有会话，就不登录",
  "A broken value in storage is a fresh start": "本地存储里的值损坏时，从头开始",
  "The token goes to no other server": "令牌不会发给别的服务器",
  "The token goes to no server whose name begins like ours": "令牌不会发给域名开头相同的服务器",
  "No code and no token is printed": "不打印 code 和令牌",
}
