/** What the panel says, in both languages. */
export interface Texts {
  readonly title: string
  readonly tabs: Readonly<Record<Way, string>>
  readonly scan: {
    readonly waiting: string
    readonly number: string
    readonly opened: string
    readonly confirmed: string
    readonly denied: string
    readonly timeout: string
    readonly again: string
    readonly image: string
    readonly loading: string
  }
  readonly phone: string
  readonly phoneHint: string
  readonly digits: string
  readonly send: string
  readonly sendAgain: (seconds: number) => string
  readonly sent: (seconds: number) => string
  readonly account: string
  readonly password: string
  readonly show: string
  readonly hide: string
  readonly logIn: string
  readonly newAccount: string
  readonly newPassword: string
  readonly register: string
  readonly toRegister: string
  readonly toLogIn: string
  readonly working: string
  readonly errors: Readonly<Record<string, string>>
  readonly otherError: string
}

/** The ways in that the panel offers. */
export type Way = "scan" | "sms" | "password"

export const texts: Readonly<Record<"zh" | "en", Texts>> = {
  zh: {
    title: "登录",
    tabs: { scan: "扫码登录", sms: "短信登录", password: "密码登录" },
    scan: {
      waiting: "打开微信，扫一扫",
      number: "在手机上输入这个数字",
      opened: "已扫码，请在手机上确认",
      confirmed: "已确认，正在登录…",
      denied: "手机上已拒绝本次登录",
      timeout: "二维码已过期",
      again: "换一个二维码",
      image: "登录小程序码",
      loading: "正在获取小程序码…",
    },
    phone: "手机号",
    phoneHint: "中国大陆以外请加国家码，如 +852",
    digits: "6 位验证码",
    send: "获取验证码",
    sendAgain: seconds => `${seconds} 秒后可重发`,
    sent: seconds => `验证码已发送，${Math.ceil(seconds / 60)} 分钟内有效`,
    account: "账号或手机号",
    password: "密码",
    show: "显示密码",
    hide: "隐藏密码",
    logIn: "登录",
    newAccount: "账号名",
    newPassword: "密码至少 8 个字符",
    register: "注册",
    toRegister: "没有账号？注册",
    toLogIn: "已有账号？登录",
    working: "请稍候…",
    errors: {
      network: "网络不可用，请检查后重试",
      timeout: "请求超时，请重试",
      credentials_invalid: "账号或密码不正确",
      account_taken: "该账号名已被使用",
      password_refused: "请换一个更长、不常见的密码",
      sms_code_invalid: "验证码不正确或已过期",
      rate_limited: "操作过于频繁，请稍后再试",
      overloaded: "当前人数较多，请稍后再试",
      account_deleted: "该账号正在注销中，请在小程序中恢复",
    },
    otherError: "登录失败，请重试",
  },
  en: {
    title: "Log in",
    tabs: { scan: "Scan", sms: "SMS code", password: "Password" },
    scan: {
      waiting: "Open WeChat and scan",
      number: "Type this number on the phone",
      opened: "Scanned: confirm on the phone",
      confirmed: "Confirmed, logging in…",
      denied: "The login was denied on the phone",
      timeout: "The code has expired",
      again: "Get another code",
      image: "Mini program code for the login",
      loading: "Getting a code…",
    },
    phone: "Phone number",
    phoneHint: "Outside mainland China with its country code, as +852",
    digits: "6-digit code",
    send: "Send code",
    sendAgain: seconds => `Again in ${seconds} s`,
    sent: seconds => `Sent. Good for ${Math.ceil(seconds / 60)} minutes`,
    account: "Account or phone number",
    password: "Password",
    show: "Show password",
    hide: "Hide password",
    logIn: "Log in",
    newAccount: "Account name",
    newPassword: "At least 8 characters",
    register: "Create account",
    toRegister: "No account? Create one",
    toLogIn: "Have an account? Log in",
    working: "One moment…",
    errors: {
      network: "Cannot reach the login server: check the network and try again",
      timeout: "That took too long: try again",
      credentials_invalid: "Account or password is wrong",
      account_taken: "This name is taken",
      password_refused: "Choose a longer, less common password",
      sms_code_invalid: "The code is wrong or has expired",
      rate_limited: "Too many tries: wait a little",
      overloaded: "Many people are here just now: wait a little",
      account_deleted: "This account is being deleted: restore it in the mini program",
    },
    otherError: "The login failed: try again",
  },
}
