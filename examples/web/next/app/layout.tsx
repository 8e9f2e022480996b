import type { ReactNode } from "react"

export const metadata = { title: "示例商城" }

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="zh-CN">
      <body style={{ display: "grid", justifyItems: "center", padding: 48, font: "16px/1.5 system-ui" }}>
        {children}
      </body>
    </html>
  )
}
