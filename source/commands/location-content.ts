/** From what a person wrote behind `/location` to the content of a message (client-server API §m.location). */
import type {JsonObject} from '../domain/json.ts';

const place =
	/^(?:geo:)?(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)(,-?\d+(?:\.\d+)?)?((?:;[\w-]+(?:=[\w.%-]+)?)*)(?=\s|$)\s*/i;

const usage = 'Write /location geo:LATITUDE,LONGITUDE and maybe a name: /location geo:52.52,13.405 Berlin.';

/** @returns the content, or a sentence that says what is wrong */
export const locationContent = (text: string): JsonObject | string => {
	const match = place.exec(text.trim());
	if (match === null) return usage;
	const [whole, latitude = '', longitude = '', altitude = '', parameters = ''] = match;
	if (Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180)
		return 'The latitude goes from -90 to 90 and the longitude from -180 to 180.';
	// RFC 5870.
	const uri = `geo:${latitude},${longitude}${altitude}${parameters}`;
	const name = text.trim().slice(whole.length).trim();
	const body = name === '' ? `Location: ${uri}` : `${name} (${uri})`;
	return {
		msgtype: 'm.location',
		body,
		geo_uri: uri,
		'm.mentions': {},
		'org.matrix.msc3488.location': name === '' ? {uri} : {uri, description: name},
		'org.matrix.msc3488.asset': {type: 'm.pin'},
		'org.matrix.msc1767.text': body,
	};
};
