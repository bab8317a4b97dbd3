import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {distributionBehind, tag, tagOf} from '../../../layers/outputs/tags.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'the tag of a tensor',
  () => {
    it('holds a copy of the distribution that lasts until the outermost tidy ends', () => {
      const value = tf.scalar(0);
      expect(tagOf(value)).toBeNull();
      tf.tidy(() => {
        tf.tidy(() => {
          tag(value, 'layer', new st.Normal({loc: tf.scalar(1), scale: 2}));
        });
        const {layer, distribution} = distributionBehind('who', value);
        expect(layer).toBe('layer');
        expect(distribution.mean().dataSync()[0]).toBe(1);
      });
      expect(() => distributionBehind('who', value)).toThrowError(
        /^who: the distribution of layer ended with the tf\.tidy/,
      );
      value.dispose();
    });

    it('needs no tidy for a distribution of numbers', () => {
      const value = tf.scalar(0);
      const q = new st.Normal({loc: 0, scale: 1});
      tf.tidy(() => {
        tag(value, 'layer', q);
      });
      expect(distributionBehind('who', value).distribution).toBe(q);
      value.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
