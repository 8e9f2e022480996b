import { expect, test } from "vitest"
import { browserName } from "../../src/login/browser-name.ts"

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)"
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"

test.each([
  [`${windows} ${webkit} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Windows", "Windows 上的 Chrome"],
  [
    `${windows} ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`,
    "Edge on Windows",
    "Windows 上的 Edge",
  ],
  [`${windows} ${webkit} Chrome/140.0.0.0 Safari/537.36 OPR/120.0`, "Opera on Windows", "Windows 上的 Opera"],
  [
    `${windows} ${webkit} Chrome/123.0.0.0 Safari/537.36 Core/1.123 QQBrowser/13.0`,
    "QQ Browser on Windows",
    "Windows 上的 QQ 浏览器",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Firefox on Linux",
    "Linux 上的 Firefox",
  ],
  [
    `${mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15`,
    "Safari on Mac",
    "Mac 上的 Safari",
  ],
  [`${iphone} CriOS/140.0 Mobile/15E148 Safari/604.1`, "Chrome on iPhone", "iPhone 上的 Chrome"],
  [`${iphone} Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI`, "WeChat on iPhone", "iPhone 上的 微信"],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${webkit} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36`,
    "Samsung Internet on Android",
    "Android 上的 Samsung Internet",
  ],
  [
    `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${webkit} Chrome/114.0 ArkWeb/4.1`,
    "Chrome on HarmonyOS",
    "HarmonyOS 上的 Chrome",
  ],
  ["something on Windows", "Windows", "Windows"],
  ["curl/8.5.0", null, null],
  ["", null, null],
])("%s is %s", (userAgent, english, chinese) => {
  expect([browserName(userAgent, "en"), browserName(userAgent, "zh")]).toEqual([english, chinese])
})

test("a User-Agent that is all of one letter is read in no time", () => {
  const began = performance.now()
  for (const letter of ["V", "Version/1.", " ", "("]) browserName(letter.repeat(256).slice(0, 256), "en")
  expect(performance.now() - began).toBeLessThan(50)
})
