/** Takes one from a budget; what it answers gives it back. @throws DengluError `rate_limited` (also as a rejection) */
export type Take = (key: string) => GiveBack | Promise<GiveBack>
export type GiveBack = () => void | Promise<void>
