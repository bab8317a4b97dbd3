import {ELBOForms, readForm} from '../../src/objectives/forms.js';

describe('the forms of an ELBO', () => {
  it('are read by value, default where none is given', () => {
    expect(readForm('A', undefined)).toBe('default');
    for (const form of Object.values(ELBOForms)) expect(readForm('A', form)).toBe(form);
    expect(Object.entries(ELBOForms).every(([name, value]) => name === value)).toBeTrue();
  });

  it('say what is unknown or refused', () => {
    expect(() => readForm('A', 'analyticKL')).toThrowError('A: unknown form "analyticKL"; did you mean "analyticKl"?');
    expect(() => readForm('A', 'sample', {form: 'sample', because: 'needs draws'})).toThrowError(
      'A: form "sample" needs draws',
    );
  });
});
