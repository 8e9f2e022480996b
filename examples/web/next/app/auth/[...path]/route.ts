import { login } from "@/lib/login.ts"

/** Denglu's own routes, under /auth. */
const handle = async (request: Request) => (await login()).fetch(request)

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST }
