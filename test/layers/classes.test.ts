import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import * as stl from 'tfjs-stochastic/layers';
import {standInFor} from '../../layers/classes.js';

const registered = (name: string): unknown[] | undefined =>
  tf.serialization.SerializationMap.getMap().classNameMap[name];

describe('a class of layers that a program does not use', () => {
  const make = (name: string): unknown => {
    const [cls, fromConfig] = registered(name) as [object, (cls: object, config: object) => unknown]; // as tfjs reads it
    return fromConfig(cls, {});
  };

  it('says in a saved model where it is, until it is there', () => {
    expect(registered('OfThisSpec')).toBeUndefined();
    standInFor('OfThisSpec', 'specs');
    expect(() => make('OfThisSpec')).toThrowError(
      'stl: a saved layer is of the class OfThisSpec, which is not in this bundle: import specs from ' +
        'tfjs-stochastic/layers, and use it',
    );
    class Real extends layers.Layer {
      static className = 'OfThisSpec';
    }
    tf.serialization.registerClass(Real);
    expect(make('OfThisSpec')).toBeInstanceOf(Real);
    standInFor('OfThisSpec', 'specs');
    expect(make('OfThisSpec')).toBeInstanceOf(Real);
  });

  it('is none of those that are there', () => {
    standInFor('Variational', 'variational');
    expect(registered('Variational')![0]).toBe(stl.VariationalLayer);
  });
});
