import { currentUser } from "@/lib/login.ts"
import { LoginPanel, LogOut } from "./login-panel.tsx"

/** Rendered on the server, which knows by the cookie who asks. */
export default async function Page() {
  const userId = await currentUser()
  return (
    <main>
      <h1>示例商城</h1>
      {userId === null ? (
        <LoginPanel />
      ) : (
        <>
          <p>你好，{userId}</p>
          <LogOut />
        </>
      )}
    </main>
  )
}
