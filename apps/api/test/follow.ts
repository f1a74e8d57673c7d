import type { Browser } from './people.ts'
import type { TestApi } from './start-test-api.ts'

/** A navigation that another site sends the browser on. Answers where it ends up. */
export async function follow({ url }: Pick<TestApi, 'url'>, browser: Browser, to: string): Promise<string> {
  const { pathname, search } = new URL(to)
  const response = await fetch(`${url}${pathname}${search}`, {
    redirect: 'manual',
    headers: {
      Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
    },
  })
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0/.test(line)) browser.cookies.delete(name)
    else browser.cookies.set(name, value)
  }
  return response.headers.get('location') ?? `${response.status} ${await response.text()}`
}
