/** The configuration of the Synapse that tests and newcomers run: loopback only, open registration, no rate limits. */

import {randomBytes} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {JsonObject} from '../../source/domain/json.ts';

const unlimited = {per_second: 10_000, burst_count: 10_000};

/** Every limit that Synapse 1.160 knows (synapse/config/ratelimiting.py), so that no test ever meets a 429 by accident. */
const rateLimits = {
	rc_message: unlimited,
	rc_registration: unlimited,
	rc_registration_token_validity: unlimited,
	rc_login: {address: unlimited, account: unlimited, failed_attempts: unlimited},
	rc_admin_redaction: unlimited,
	rc_joins: {local: unlimited, remote: unlimited},
	rc_joins_per_room: unlimited,
	rc_key_requests: unlimited,
	rc_3pid_validation: unlimited,
	rc_invites: {per_room: unlimited, per_user: unlimited, per_issuer: unlimited},
	rc_third_party_invite: unlimited,
	rc_media_create: unlimited,
	rc_remote_media_downloads: {per_second: '1G', burst_count: '1G'},
	rc_presence: {per_user: unlimited},
	rc_delayed_event_mgmt: unlimited,
	rc_room_creation: unlimited,
	rc_reports: unlimited,
	rc_user_directory: unlimited,
};

const settings = (directory: string, port: number) => ({
	server_name: `localhost:${port}`,
	public_baseurl: `http://127.0.0.1:${port}/`,
	listeners: [
		{
			bind_addresses: ['127.0.0.1'],
			port,
			type: 'http',
			tls: false,
			resources: [{names: ['client', 'openid'], compress: false}],
		},
	],
	database: {name: 'sqlite3', args: {database: path.join(directory, 'homeserver.db')}},
	media_store_path: path.join(directory, 'media'),
	signing_key_path: path.join(directory, 'signing.key'),
	log_config: path.join(directory, 'log.json'),
	pid_file: path.join(directory, 'homeserver.pid'),
	macaroon_secret_key: 'only for tests on loopback',
	form_secret: 'only for tests on loopback',
	registration_shared_secret: 'only for tests on loopback',
	enable_registration: true,
	enable_registration_without_verification: true,
	// Fewer rounds would be refused; more only make each login slower.
	bcrypt_rounds: 4,
	report_stats: false,
	presence: {enabled: false},
	room_list_publication_rules: [{action: 'allow'}],
	trusted_key_servers: [],
	suppress_key_server_warning: true,
	federation_domain_whitelist: [],
	// Without this, equal initial syncs are answered from a cache for two minutes and tests see an old state.
	caches: {global_factor: 0.2, sync_response_cache_duration: '0s'},
	...rateLimits,
});

const logging = {
	version: 1,
	formatters: {line: {format: '%(asctime)s %(levelname)s %(name)s %(message)s'}},
	handlers: {console: {class: 'logging.StreamHandler', formatter: 'line'}},
	root: {level: 'WARNING', handlers: ['console']},
	disable_existing_loggers: false,
};

export type SynapseConfig = {
	/** The loopback port of the client API, also part of the server name (`localhost:PORT`). */
	readonly port: number;
	/** Appservices (application service API §Registration). */
	readonly registrations?: readonly JsonObject[] | undefined;
};

/**
 * Writes the files that Synapse needs to start in `directory`, in JSON (which is YAML too). The signing key is made once and
 * then kept, so that a restarted server is the same server.
 *
 * @returns the path of the main file.
 */
export const writeSynapseConfig = async (
	directory: string,
	{port, registrations = []}: SynapseConfig,
): Promise<string> => {
	await mkdir(directory, {recursive: true});
	const keyPath = path.join(directory, 'signing.key');
	if (!existsSync(keyPath)) {
		const seed = randomBytes(32).toString('base64').replaceAll('=', '');
		await writeFile(keyPath, `ed25519 a_${randomBytes(2).toString('hex')} ${seed}\n`, {mode: 0o600});
	}
	await writeFile(path.join(directory, 'log.json'), JSON.stringify(logging, undefined, 2));
	const registrationPaths = registrations.map((_, index) => path.join(directory, `appservice-${index}.json`));
	for (const [index, file] of registrationPaths.entries()) await writeFile(file, JSON.stringify(registrations[index]));
	const configPath = path.join(directory, 'homeserver.json');
	const config = {...settings(directory, port), app_service_config_files: registrationPaths};
	await writeFile(configPath, JSON.stringify(config, undefined, 2));
	return configPath;
};
