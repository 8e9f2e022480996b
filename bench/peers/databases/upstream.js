// What all of them ask WeChat for.
export const parameters = code => ({
  appid: "wxsim0000000000001",
  secret: "0".repeat(32),
  js_code: code,
  grant_type: "authorization_code",
})
export const sessionUrl = `${process.env.BENCH_UPSTREAM}/sns/jscode2session`
