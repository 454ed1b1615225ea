import { expect, it } from 'vitest';
import { safeUrl, schemaUrl, withCredentials } from './connection.js';

it('puts credentials into a url that has others, or none, whatever characters they have', () => {
  const url = withCredentials('mysql://a:b@db:3306/tranche', 'me', 'p@ss/w:rd%');
  expect(url).toBe('mysql://me:p%40ss%2Fw%3Ard%25@db:3306/tranche');
  expect(decodeURIComponent(new URL(url).password)).toBe('p@ss/w:rd%');
  expect(withCredentials('mysql://db/tranche', undefined, undefined)).toBe('mysql://db/tranche');
  expect(withCredentials('mysql://a:b@db/tranche', 'me', undefined)).toBe('mysql://me:b@db/tranche');
  expect(safeUrl(schemaUrl(url, 'offers'))).toBe('mysql://me:********@db:3306/tranche_offers');
});

it('has no credentials to put into the path of a file', () => {
  expect(withCredentials('sqlite:x.db', 'me', 'secret')).toBe('sqlite:x.db');
});
