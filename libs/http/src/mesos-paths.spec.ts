import { describe, expect, it } from 'vitest';
import { canonicalUrl, ownerOf, redirectTarget } from './mesos-paths.js';

describe('canonicalUrl', () => {
  it.each([
    ['/master/frameworks/?_ts=1', '/frameworks?_ts=1'],
    ['/api/v1/operator', '/api/v1'],
    ['/master/api/v1/scheduler/', '/api/v1/scheduler'],
    ['/api/v1/scheduler/x', '/api/v1/scheduler'],
    ['/state', '/state'],
    ['/', '/'],
    ['/masterful', '/masterful'],
    ['/quota/eng', '/quota/eng'],
    ['/v1/tasks/a', '/v1/tasks/a'],
    ['/v1/agents/-/v1/tasks/a/logs?follow=true', '/v1/tasks/a/logs?follow=true'],
    ['/v1/agents/-', '/v1/agents/-'],
  ])('reads %s of the public address as %s', (url, canonical) => {
    expect(canonicalUrl(url, 'cluster')).toBe(canonical);
  });

  it.each([
    ['/slave(1)/state', '/state'],
    ['/slave%281%29/api/v1/executor?x', '/api/v1/executor?x'],
    ['/files/browse/?path=/a', '/files/browse?path=/a'],
  ])('reads %s of an agent as %s', (url, canonical) => {
    expect(canonicalUrl(url, 'agent')).toBe(canonical);
  });
});

describe('redirectTarget', () => {
  it('leads what is relayed of a task past an ingress that routes by prefixes', () => {
    expect(redirectTarget('/v1/tasks/t1/logs?follow=true')).toBe('/v1/agents/-/v1/tasks/t1/logs?follow=true');
    expect(redirectTarget('/v1/roles?x=1')).toBe('/v1/roles?x=1');
  });
});

describe('ownerOf', () => {
  it.each([
    ['/api/v1/scheduler', 'offers'],
    ['/api/v1', 'registry'],
    ['/quota/eng', 'quota'],
    ['/v1/tasks/t1', 'offers'],
    ['/v1/tasks/t1/logs?follow=true', 'registry'],
    ['/v1/tasks/t1:kill', 'offers'],
    ['/v1/explain/frameworks/f', 'allocator'],
    ['/nothing', undefined],
  ])('gives %s to %s', (path, owner) => {
    expect(ownerOf(path)).toBe(owner);
  });
});
