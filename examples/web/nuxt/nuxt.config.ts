export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  telemetry: false,
  vue: { compilerOptions: { isCustomElement: tag => tag === "denglu-login" } },
  app: { head: { title: "示例商城", htmlAttrs: { lang: "zh-CN" } } },
})
