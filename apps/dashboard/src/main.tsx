import '@mantine/core/styles.css'
import './app.css'
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { setOutage } from './api/outage.ts'
import { reactWith } from './api/reactions.ts'
import { forgetProject, queryClient, trpc } from './api/trpc.ts'
import { styleNonce } from './nonce.ts'
import { router } from './routes.tsx'
import { askForProof } from './shell/proof.ts'
import { cssVariablesResolver, theme } from './theme.ts'
import { rememberSearch } from './ui/last-search.ts'
import { markNavigated } from './ui/navigated.ts'

reactWith({
  signInNeeded() {
    const { pathname, href } = router.state.location
    if (pathname === '/sign-in') return
    queryClient.clear()
    void router.navigate({ to: '/sign-in', search: { back: href }, replace: true, ignoreBlocker: true })
  },
  proofNeeded: askForProof,
  projectNotFound(projectId) {
    const isOpen = router.state.matches.some(({ params }) => 'projectId' in params && params.projectId === projectId)
    const isOwnDoing = queryClient.isMutating({ mutationKey: [[projectId], ['projects', 'delete']] }) > 0
    if (isOpen && !isOwnDoing) {
      notifications.show({
        id: projectId,
        color: 'yellow',
        message: 'You no longer work on this project, or it is gone.',
      })
    }
    void queryClient.invalidateQueries(trpc.projects.list.pathFilter()).then(() => forgetProject(projectId))
  },
  outage: setOutage,
})

router.subscribe('onBeforeNavigate', ({ pathChanged, fromLocation }) => {
  if (pathChanged && fromLocation !== undefined) markNavigated()
})

router.subscribe('onResolved', ({ toLocation }) => rememberSearch(toLocation.pathname, toLocation.search))

const colorSchemes = localStorageColorSchemeManager({ key: 'posthorn-color-scheme' })
const place = document.querySelector('#root')
if (place === null) throw new Error('The page has no place for the app.')

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
