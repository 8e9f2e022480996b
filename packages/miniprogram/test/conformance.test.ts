import { createLogin } from "@denglu/miniprogram"
import { conformance } from "@denglu/miniprogram/conformance"
import { test } from "vitest"

for (const { name, run } of conformance) {
  test(name, () =>
    run(({ platform, baseUrl, timeoutMs }) => createLogin({ platform, baseUrl, timeout: timeoutMs })),
  )
}
