"use client"

import { createLogin } from "@denglu/web"
import "@denglu/web/panel"
import { useRouter } from "next/navigation"
import { useEffect, useRef } from "react"

/** The browser's side of the login; there is no such thing while the server renders. */
const browserLogin = () => createLogin({ baseUrl: `${location.origin}/auth` })

export function LoginPanel() {
  const place = useRef<HTMLDivElement>(null)
  const router = useRouter()
  useEffect(() => {
    const login = browserLogin()
    const panel = Object.assign(document.createElement("denglu-login"), { login })
    panel.addEventListener("denglu-login", () => router.refresh())
    let gone = false
    // The server sees the access token alone: a session whose token is over is renewed here.
    void login
      .ready()
      .catch(() => null)
      .then(user => {
        if (gone) return
        if (user === null) place.current?.append(panel)
        else router.refresh()
      })
    return () => {
      gone = true
      panel.remove()
    }
  }, [router])
  return <div ref={place} style={{ width: 360, maxWidth: "100%" }} />
}

export function LogOut() {
  const router = useRouter()
  async function leave() {
    await browserLogin().logout()
    router.refresh()
  }
  return (
    <button type="button" onClick={() => void leave()}>
      退出登录
    </button>
  )
}
