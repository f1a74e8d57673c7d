import { Button, Skeleton, Tabs } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { Suspense, useEffect, useEffectEvent } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { KeepTyped } from '../../forms/keep-typed.tsx'
import { useProject } from '../../shell/project-scope.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ContentForm } from './content-form.tsx'
import { TemplateState, typeWord, type Template } from './kinds.tsx'
import type { TemplateTab } from './search.ts'
import { TemplateActions } from './template-actions.tsx'
import { useDraft } from './use-draft.ts'

const Preview = loadedLater(() => import('./preview.tsx').then((module) => ({ default: module.Preview })))
const ClashDialog = loadedLater(() => import('./clash-dialog.tsx'))
const Versions = loadedLater(() => import('./versions.tsx').then((module) => ({ default: module.Versions })))

const route = getRouteApi('/in/p/$projectId/templates/$templateId')

export function Page() {
  const { id: projectId, trpc } = useProject()
  const { templateId } = route.useParams()
  const template = useQuery(trpc.templates.get.queryOptions({ id: templateId }))
  return (
    <>
      <BackLink to="/p/$projectId/templates" params={{ projectId }}>
        Templates
      </BackLink>
      <Loaded
        query={template}
        title="Template"
        missing={{
          code: 'TEMPLATE_NOT_FOUND',
          title: 'No such template',
          why: 'It may have been deleted or belong to another project, or the link was cut off.',
          action: (
            <Button renderRoot={(props) => <Link to="/p/$projectId/templates" params={{ projectId }} {...props} />}>
              All templates
            </Button>
          ),
        }}
      >
        {(data) => <Whole key={data.id} template={data} />}
      </Loaded>
    </>
  )
}

function Whole({ template }: { template: Template }) {
  const { can } = useProject()
  const { tab = 'content', version } = route.useSearch()
  const navigate = route.useNavigate()
  const draft = useDraft(template)
  const mayChange = can('templates:write')
  const go = (to: string | null) =>
    // Safe because the tabs are named below.
    void navigate({ to: '.', search: to === 'content' ? {} : { tab: to as TemplateTab }, replace: true })
  const { errors } = draft.form
  const { problem } = draft.saving
  const showRefusal = useEffectEvent(() => {
    if (tab !== 'content') go('content')
  })
  useEffect(() => {
    if (problem !== undefined || Object.keys(errors).length > 0) showRefusal()
  }, [problem, errors])
  useHotkeys(mayChange ? [['mod+S', draft.save]] : [], [], true)
  return (
    <>
      <PageHeader
        title={template.name}
        lead={
          <>
            <TemplateState template={template} /> {typeWord(template.type)}
          </>
        }
        actions={<TemplateActions template={template} draft={draft} />}
      />
      {mayChange && <KeepTyped form={draft.form} isSaving={draft.saving.isSaving} />}
      <Suspense>{mayChange && <ClashDialog clash={draft.clash} />}</Suspense>
      {/* Hidden and not taken away, so that what is typed is still there after a look at the preview. */}
      <Tabs value={tab} onChange={go} keepMounted keepMountedMode="display-none">
        <Tabs.List mb="md">
          <Tabs.Tab value="content">Content</Tabs.Tab>
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="content">
          <ContentForm draft={draft} readOnly={!mayChange} />
        </Tabs.Panel>
        <Tabs.Panel value="preview">
          <Suspense fallback={<Skeleton h="20rem" />}>
            {tab === 'preview' && <Preview template={template} draft={draft} version={version} />}
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Suspense fallback={<Skeleton h="20rem" />}>
            {tab === 'versions' && <Versions template={template} draft={draft} />}
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
