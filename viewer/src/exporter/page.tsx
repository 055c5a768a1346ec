import { Card } from '../ui/start/card';
import { ThemeButton } from '../ui/page/theme_button';
import { Contents } from './form/contents';
import { Options } from './form/options';
import { Input } from './form/input';
import { Output } from './form/output';
import { Plan } from './plan';
import { Runs } from './runs/runs';
import { connected } from './runs/run_state';
import { failure, start } from './state';

/** The page: the form on the left, the plan and the runs on the right. */
export function Page() {
  if (failure.value !== null) {
    return (
      <Card title="The exporter does not answer" role="alert">
        <p class="failure">{failure.value}</p>
        <p>Start it again with karospace-export-app, and open the address that it prints.</p>
      </Card>
    );
  }
  if (!start.value) return <Card title="Opening the exporter" role="status" children={null} />;
  return (
    <div class="exporter">
      <Header machine={start.value.machine} version={start.value.version} />
      {!connected.value && (
        <p class="banner" role="alert">
          The exporter does not answer: it was stopped, or the connection broke. This page continues when the
          exporter is back. You can then resume interrupted exports.
        </p>
      )}
      <div class="columns">
        <main class="form">
          <Input />
          <Output />
          <Contents />
          <Options />
        </main>
        <aside class="side">
          <Plan />
          <Runs />
        </aside>
      </div>
    </div>
  );
}

function Header({ machine, version }: { machine: string; version: string }) {
  return (
    <header class="bar">
      <h1>KaroSpace exporter</h1>
      <span class="quiet where" title={`karospace-stream ${version}`}>
        Files of {machine}
      </span>
      <ThemeButton />
    </header>
  );
}
