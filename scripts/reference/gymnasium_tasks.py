"""Makes test/control/reference/gymnasium.ts: how two tasks of Gymnasium go.

    pip install gymnasium==1.3.0
    python3 scripts/reference/gymnasium_tasks.py > test/control/reference/gymnasium.ts
"""
import json

import gymnasium as gym
import numpy as np


def path(name, state, actions):
    env = gym.make(name).unwrapped
    env.reset(seed=0)
    env.state = np.array(state, dtype=np.float64)
    rows = []
    for action in actions:
        observation, reward, terminated, _, _ = env.step(action)
        rows.append([[float(x) for x in observation], float(reward), bool(terminated)])
        if terminated:
            break
    return {'start': state, 'actions': [float(np.ravel(a)[0]) for a in actions][:len(rows)], 'rows': rows}


print('''/** Made by scripts/reference/gymnasium_tasks.py with Gymnasium %s; do not edit. */

/** The state at the start, the actions, and what each of them gave: observation, reward, terminated. */
export interface GymnasiumPath {
  readonly start: readonly number[];
  readonly actions: readonly number[];
  readonly rows: ReadonlyArray<readonly [readonly number[], number, boolean]>;
}
''' % gym.__version__)
carts = [
    path('CartPole-v1', [0.01, -0.02, 0.03, 0.04], [1, 0, 0, 1, 0, 1, 1, 0, 1, 0]),
    path('CartPole-v1', [-0.04, 0.03, 0.02, -0.05], [1] * 40),
]
pendulums = [
    path('Pendulum-v1', [2.5, 0.5], [np.array([u]) for u in (1, -2, 0.5, 2, -0.25, 0, 1.5, -1)]),
    path('Pendulum-v1', [-1.2, -1], [np.array([-2.0])] * 30),
]
print('export const cartPolePaths: readonly GymnasiumPath[] = %s;' % json.dumps(carts))
print('\nexport const pendulumPaths: readonly GymnasiumPath[] = %s;' % json.dumps(pendulums))
