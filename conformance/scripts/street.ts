// Vectors about the street: what is genuine and fresh, and still must not be done now.
import { must } from '../finding.js';
import { type Trial } from '../trial.js';

export async function moving(trial: Trial): Promise<void> {
  await trial.mustDo('unlock');
  await trial.rig.setOff();
  try {
    for (const kind of ['lock', 'pause'] as const) {
      const { sensors } = await trial.mustRefuse(kind, 'moving');
      must(sensors.lock === 'open', 'Its lock closed while the wheels turned');
    }
    if (trial.rig.tireless) await trial.mustSee('open');
  } finally {
    await trial.rig.stop();
  }
  await trial.mustBe('open');
  await trial.mustDo('lock');
  await trial.mustBe('closed');
}

export async function jammed(trial: Trial): Promise<void> {
  await trial.mustDo('unlock');
  await trial.rig.jamBolt();
  try {
    const { sensors } = await trial.mustRefuse('lock', 'jammed');
    must(sensors.lock === 'open', 'It says the lock is closed, and the bolt did not move');
    await trial.mustSee('open');
    await trial.mustRefuse('unlock', 'in_ride');
  } finally {
    await trial.rig.freeBolt();
  }
  await trial.mustDo('lock');
  await trial.mustSee('closed');
}

export async function inRide(trial: Trial): Promise<void> {
  await trial.mustDo('unlock');
  await trial.mustRefuse('unlock', 'in_ride');
  await trial.mustRefuse('open_bay', 'in_ride');
  await trial.mustDo('pause');
  await trial.mustRefuse('unlock', 'in_ride');
  await trial.mustBe('closed');
  await trial.mustDo('lock');
  for (const kind of ['pause', 'resume'] as const) await trial.mustRefuse(kind, 'not_in_ride');
}
